console.log(this === module.exports, typeof arguments, arguments.length, typeof __filename, new Function('return typeof require')(), (() => this === exports)());
(async () => { await null; console.log(this === module.exports, arguments[0] === exports); })();
