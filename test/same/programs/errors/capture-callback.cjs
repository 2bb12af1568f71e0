process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message, process.hasUncaughtExceptionCaptureCallback()));
setTimeout(() => { throw new Error('one'); }, 1);
