// same: needs=alone
const fs = require('node:fs'); const open = fs.openSync('/dev/null'); console.log('next descriptor', open < 64); console.log(fs.readdirSync('/proc/self/fd').length < 64);
