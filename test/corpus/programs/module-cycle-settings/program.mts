// Settings come from a file of their own.
export const defaults: Record<string, number> = { port: 80 };
const { settings } = await import('./settings.mts');
console.log(settings['port']);
