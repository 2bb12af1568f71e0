Error.prepareStackTrace = (error, sites) => sites.filter((site) => site.getFileName() === __filename).map((site) => [site.getFunctionName(), site.getTypeName(), site.getMethodName(), site.getLineNumber(), site.getColumnNumber(), site.isAsync(), site.isToplevel(), site.isConstructor(), site.isEval(), site.isNative(), String(site).replace(/\(.*[/]/, '(')].join(' '));
class A { async m() { await null; return new Error('x').stack; } constructor() { this.stack = new Error('y').stack; } }
console.log(new A().stack);
(async function named() { console.log(await new A().m()); await null; console.log(new Error('z').stack); })();
