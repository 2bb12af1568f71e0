// same: needs=alone
console.log(process.argv.length, process.execArgv, process.argv0, process.title, Object.keys(process).sort().join(), process.eventNames().map(String), process.listenerCount('exit'), process.listenerCount('warning'), process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'), process.listenerCount('message'), process.getMaxListeners());
