exports.helper = (x) => x + 1;
