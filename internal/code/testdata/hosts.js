// https://comment.invalid is not in code that runs
const a = ['https://plain.invalid/path?q=1', 'http://user@named.invalid:8080/x', 'wss://203.0.113.7:9000/s'];
const b = `https://${a}.suffix.invalid/x` + `https://whole.invalid/${a}`;
const no = ['lib/index.js', 'process.env', 'a.b.c', 'foo.test', 'v1.2.3.4', 'import.meta.env', 'README.md', 'this.name', 'user.id', 'socket.io'];
const mail = 'someone@mail.invalid';
const onion = 'http://abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion/';
const bare = 'bare.invalid', port = 'cdn.shop:8443';
fetch('http://169.254.169.254/latest/meta-data/');
fetch('https://localhost/x');
