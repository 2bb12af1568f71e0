// same: ends=1
async function fine() { await null; }
const broken = ;
