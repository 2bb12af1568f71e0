// same: ends=1
export const fine = async () => { await null; };
const x = 1; const x = 2;
