const boom = async (x) => { await null; throw x; };
try { await boom(1); } catch { console.log('no binding'); }
try { await boom({ m: 2 }); } catch ({ m }) { console.log(m); }
try { try { await boom(3); } finally { console.log('finally'); await null; } } catch (e) { console.log(e); }
async function f() { try { return await boom(4); } catch (e) { return e + 1; } finally { console.log('f finally'); } }
async function g() { try { return 'try'; } finally { return await Promise.resolve('finally wins'); } }
async function h() { for (const x of [1, 2]) { try { await boom(x); } catch { continue; } finally { console.log('loop', x); } } return 'end'; }
console.log(await f(), await g(), await h());
