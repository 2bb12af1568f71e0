// same: ends=1 needs=file
require('./parts/bad.json');
