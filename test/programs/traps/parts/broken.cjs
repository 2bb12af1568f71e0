async function x() { await = 1 }
