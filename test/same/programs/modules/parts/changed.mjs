export const changed = 'ORIGINAL'; export async function run() { await null; throw new Error('from the changed module'); }
