exports.there = async () => { await null; return 1; };
