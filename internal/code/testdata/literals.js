#!/usr/bin/env node
const re = /["'`\/][/"']/g, d = 4 / 2 / 1, e = a[0] / b, f = (x) / y;
if (x) /require('http')/.test(x);
const t = `a${`b${'c' + {}}`}d` + "it's";
class A { #p = 1; get eval() { return 1; } fetch(a) { return this.#p; } }
return /x/.source; // require('net')
const n = 0x1f + 1e-5 + .5 + 10n + 1_000, o = a?.b ?? c?.[0];
const \u0065xec = 1;
fetch('x');
