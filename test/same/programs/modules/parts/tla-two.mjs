globalThis.order ??= []; globalThis.order.push('two begins'); await null; globalThis.order.push('two ends');
