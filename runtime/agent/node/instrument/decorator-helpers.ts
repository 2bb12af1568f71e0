/**
 * The helpers that the transformer calls for experimental decorators, on one line. They do what
 * TypeScript's own helpers do. The transformer would import them from a package that the program
 * does not have.
 */
export const DECORATOR_HELPERS = [
  'const babelHelpers = {',
  'decorate(list, target, key, property) {',
  'let result = arguments.length < 3 ? target',
  ': property === null ? Object.getOwnPropertyDescriptor(target, key) : property;',
  'for (let i = list.length - 1; i >= 0; i--) { if (list[i]) {',
  'result = (arguments.length < 3 ? list[i](result)',
  ': arguments.length > 3 ? list[i](target, key, result) : list[i](target, key)) || result; } }',
  'if (arguments.length > 3 && result) Object.defineProperty(target, key, result);',
  'return result; },',
  "decorateMetadata(key, value) { if (typeof Reflect.metadata === 'function') return Reflect.metadata(key, value); },",
  'decorateParam(index, decorator) { return (target, key) => decorator(target, key, index); },',
  '}; ',
].join(' ');
