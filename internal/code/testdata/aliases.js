'use strict';
const cp = require('node:child_process');
const { execSync: run, spawn } = require("child_process");
var a = require('fs');
import https, { request as send } from 'https';
import * as fsp from 'fs/promises';
cp.exec('id');
run('id');
spawn('node', ['./payload.js']);
a.writeFileSync('x', 'y');
send('https://collect.invalid/a');
fsp.rm('x');
function t(e) { return e.exec('not a process'); }
const { NPM_TOKEN, PATH } = process.env;
const env = process.env;
env.AWS_SECRET_ACCESS_KEY + env.length;
