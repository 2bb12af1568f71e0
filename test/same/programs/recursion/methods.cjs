const probe = (left) => (left === 0 ? 0 : 1 + probe(left - 1));
class Tree { constructor() { this.depth = 0; } async visit(n, { name = 'node', list = [] } = {}) { this.depth = n; try { probe(200); } catch { return; } for (const x of [1]) { await this.visit(n + x, { name }); } } }
const tree = new Tree(); tree.visit(1); console.log(`depth: ${tree.depth}`);
