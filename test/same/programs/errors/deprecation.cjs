// same: flags=--throw-deprecation ends=1
(async () => { await null; process.emitWarning('old', 'DeprecationWarning', 'DEP_OWN'); })();
