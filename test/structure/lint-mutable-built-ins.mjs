/**
 * A rule for oxlint: code that runs in the user's program looks up no built-in that the program may
 * have replaced. A module may do so while it is loaded, before the program's first line; a function
 * may not. What it needs is taken then, from `recorder/built-ins.ts`.
 *
 * It reports, inside functions:
 *   - a member of a global namespace or class: `Object.keys`, `Math.max`, `process.exit`
 *   - the construction of a collection: use `SafeMap`, whose methods nobody can replace
 *   - a call of a method whose name is one of a built-in prototype: `list.push(x)`, `text.slice(1)`
 *   - a spread and a `for … of`, which ask `Array.prototype` for the iterator
 *
 * The body of a function that only runs before the program does is left out: it is known by its
 * name (`AT_START`). `get` and `set` are left out, for collections are `SafeMap`s.
 *
 * It does not see types, so it goes by names: a method of our own of such a name is reported as
 * well, and a built-in called through a variable of another name is not. It does not see what
 * the language does by itself (`+` on objects, templates, array patterns), getters, nor code of
 * Node's that Node has not protected.
 */
const NAMESPACES = new Set(
  (
    'Object Reflect Math JSON Number String Boolean Array Symbol BigInt Promise Function Error Date Map Set ' +
    'WeakMap WeakSet Proxy Atomics Buffer process globalThis console performance'
  ).split(' '),
);
const COLLECTIONS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'TextEncoder']);
const METHODS = new Set(
  (
    'push pop shift unshift splice concat join reverse sort slice map filter forEach some every reduce flat ' +
    'flatMap find findIndex indexOf lastIndexOf includes fill at keys values entries call bind toString ' +
    'startsWith endsWith trim split replace replaceAll match matchAll test exec charCodeAt codePointAt padStart ' +
    'padEnd repeat substring toLowerCase toUpperCase subarray encodeInto hasOwnProperty then catch finally'
  ).split(' '),
);

/** Functions that run before the program does; those within them may run later. */
const AT_START = /^(?:patch|install|create|publish|rehearse|watchFunction|replaceToString|findBridge)/;

const mutableBuiltIns = {
  create(context) {
    /** For each function around a node: whether its body may run while the program does. */
    const functions = [];
    const enter = (node) => void functions.push(!AT_START.test(node.id?.name ?? ''));
    const leave = () => void functions.pop();
    const runs = () => functions.at(-1) === true;
    const report = (node, what) =>
      context.report({
        node,
        message: `${what}: the program may have replaced it. See recorder/built-ins.ts.`,
      });
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
      MemberExpression(node) {
        if (!runs() || node.object.type !== 'Identifier' || !NAMESPACES.has(node.object.name)) return;
        report(node, `\`${node.object.name}.…\` is looked up`);
      },
      NewExpression(node) {
        if (!runs() || node.callee.type !== 'Identifier' || !COLLECTIONS.has(node.callee.name)) return;
        report(node, `\`new ${node.callee.name}\` is looked up, and its methods later`);
      },
      CallExpression(node) {
        const { callee } = node;
        if (!runs() || callee.type !== 'MemberExpression' || callee.computed) return;
        if (!METHODS.has(callee.property.name)) return;
        report(callee.property, `\`.${callee.property.name}()\` is looked up`);
      },
      SpreadElement(node) {
        if (runs() && node.parent?.type !== 'ObjectExpression') report(node, 'An iterator is looked up');
      },
      ForOfStatement(node) {
        if (runs()) report(node.right, 'An iterator is looked up');
      },
    };
  },
};

export default { meta: { name: 'simul-agent' }, rules: { 'mutable-built-ins': mutableBuiltIns } };
