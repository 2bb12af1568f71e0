// same: needs=alone
const { Worker } = require('node:worker_threads'); console.log(new Worker('', { eval: true }).threadId);
