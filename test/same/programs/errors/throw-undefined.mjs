// same: ends=1
await null;
throw undefined;
