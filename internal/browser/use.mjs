// node use.mjs BROWSER PAGE: opens the page and uses it. It ends with 1 and says
// why if anything is not as it should be.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [browserPath, page] = process.argv.slice(2);
const address = pathToFileURL(page).href;
const wrong = [];
const expect = (what, got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) wrong.push(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(wanted)}`);
};

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
try {
  for (const colorScheme of ["light", "dark"]) {
    const tab = await (await browser.newContext({ colorScheme })).newPage();
    tab.on("console", (message) => wrong.push(`${colorScheme}: the console says ${message.text()}`));
    tab.on("pageerror", (error) => wrong.push(`${colorScheme}: ${error}`));
    tab.on("request", (request) => request.url() === address || wrong.push(`${colorScheme}: it asks for ${request.url()}`));
    await tab.goto(address);

    const column = async (n) => (await tab.locator(`#all tbody tr:visible td:nth-child(${n})`).allInnerTexts()).map((text) => text.trim());
    const heading = (name) => tab.locator("#all th button", { hasText: name }); // its role's name has the arrow, too
    const names = await column(2);
    expect("packages", names.length, 6);
    await heading("package").click();
    expect("packages, sorted", await column(2), [...names].sort());
    await heading("score").click();
    await heading("score").click();
    const scores = (await column(4)).map(Number);
    expect("scores, highest first", scores, [...scores].sort((a, b) => b - a));
    await tab.locator("#filter").fill("AXIOS");
    expect("found by name", await column(2), ["axios"]);
    await tab.locator("#filter").fill("");
    expect("found by nothing", (await column(2)).length, 6);
    await tab.locator("details summary").first().click();
    expect("open after a click", await tab.locator("details").first().getAttribute("open"), null);

    const [ink, ground] = await tab.evaluate(() => ["color", "backgroundColor"].map((of) => getComputedStyle(document.body)[of].match(/\d+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0)));
    expect(`${colorScheme}: dark letters on light ground`, ink < ground, colorScheme === "light");
  }
} finally {
  await browser.close();
}
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log("browser: sorted, searched and opened, light and dark; nothing was asked for");
