globalThis.order ??= []; globalThis.order.push('three');
