const cp = require('child_process');
cp.exec('id');
function ( {
