// same: needs=main
console.log(Object.keys(process.env).filter((name) => !name.startsWith('npm_') && name !== '_').sort().join());
