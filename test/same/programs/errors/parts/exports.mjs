export const present = async () => { await null; };
