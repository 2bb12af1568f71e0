// Settings come from a file of their own.
const { settings } = await import('./settings.mts');
console.log(settings['port']);
