// same: needs=alone
// The report lists the threads, once they run.
const { Worker } = require('node:worker_threads');
const worker = new Worker('setTimeout(() => {}, 300)', { eval: true });
worker.once('online', () =>
  setTimeout(() => {
    const { workers, javascriptStack } = process.report.getReport(new Error('given'));
    console.log(workers.length, workers[0].header.threadId === worker.threadId, javascriptStack.message);
    const { javascriptStack: own } = process.report.getReport();
    console.log(own.message, own.stack.map((line) => line.replace(/\(.*[\\/]/, '(')));
    console.log(process.report.getReport.name, process.report.getReport.length, String(process.report.getReport));
  }, 100),
);
