const Native = Error; globalThis.Error = class extends Native { constructor(...all) { super(...all); this.own = true; } }; 
(async () => { await null; try { null.x; } catch (error) { console.log(error.own, error.constructor.name); } try { throw new Error('x'); } catch (error) { console.log(error.own); } })();
