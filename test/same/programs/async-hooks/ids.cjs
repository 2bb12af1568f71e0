// same: needs=alone
const { executionAsyncId, triggerAsyncId, executionAsyncResource } = require('node:async_hooks');
console.log(executionAsyncId(), triggerAsyncId(), typeof executionAsyncResource()); (async () => { const before = executionAsyncId(); await null; console.log(executionAsyncId() - before, executionAsyncResource().constructor.name); })();
