// same: ends=1
const later = () => new Promise((_, fail) => setImmediate(() => fail(new Error('its line is shown'))));
async function middle() { return later(); }
(async () => { await middle(); })();
