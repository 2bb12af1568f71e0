function F() { this.t = new.target; this.later = (async () => { await null; return new.target === F; })(); } const made = new F(); made.later.then(console.log); F.call({}); console.log(made.t === F);
try { new (async function () {})(); } catch (e) { console.log(e.message); } try { new (async () => {})(); } catch (e) { console.log(e.message); }
