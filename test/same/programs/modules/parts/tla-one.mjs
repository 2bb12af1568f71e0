globalThis.order ??= []; globalThis.order.push('one begins'); await null; await null; globalThis.order.push('one ends');
