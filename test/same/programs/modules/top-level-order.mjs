// same: needs=file
import './parts/tla-one.mjs'; import './parts/tla-two.mjs'; import './parts/tla-three.mjs'; console.log('main', globalThis.order.join(' '));
