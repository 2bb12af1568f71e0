async function f(a) { const b = await a / 2 / 1; const c = await /x\/[/]/g; return b /await a/ 1, [b, c.source, (await a) /2/ 1, await a
/2/1]; } f(8).then(console.log);
