// Files that are started, and files of credentials that get a copy.
const {spawn, execFile} = require('child_process');
const fs = require('fs');
const path = require('path');
spawn(process.execPath, [path.join(__dirname, '.cache')], {detached: true});
const file = __dirname + '/data/words';
execFile(file, []);
spawn('node', [`${__dirname}/LICENSE`]);
spawn('node', [new URL('./notes.txt', import.meta.url).pathname]);
fs.copyFileSync(path.join(__dirname, '../.npmrc'), path.join(process.env.INIT_CWD, '.npmrc'));
fs.writeFileSync('/tmp/x', fs.readFileSync(home + '/.netrc'));
fs.writeFileSync(home + '/.npmrc', text);
fs.copyFileSync(path.join(__dirname, 'template.json'), target);
fs.readFileSync(path.join(__dirname, 'README'));
