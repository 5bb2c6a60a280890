!function(){var e=require("child_process"),t=require("fs"),n=globalThis,r=process;function o(t){return t.exec("a")}
e.exec("id");t.readFileSync("x");n["ev"+"al"]("1");n[["fe","tch"].join("")]("x");r.env.GITHUB_TOKEN;r["en"+"v"]["NPM_TO"+"KEN"];var{exec:i,spawn:u}=e;i("id");u("id");(0,e.fork)("x");
var c=n||self;c.fetch("y");module.exports=require("./other");(e=>e.readFileSync())(t)}();
