// same: ends=13 needs=main
console.log('waits');
await new Promise(() => {});
