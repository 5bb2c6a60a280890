#!/usr/bin/env node
const cp = require('child_process');
if (!process.argv[2]) return;
cp[`ex${"ec"}`](x);
