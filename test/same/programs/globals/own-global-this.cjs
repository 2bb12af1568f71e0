var globalThis = { own: true };
(async () => { await null; console.log(globalThis.own, typeof Promise); })();
