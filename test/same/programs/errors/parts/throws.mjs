export const a = 1;
await null;
throw new Error('while it loads');
