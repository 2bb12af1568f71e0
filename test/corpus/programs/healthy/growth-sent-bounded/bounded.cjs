exports.createBounded = (limit) => (client) => client.bufferedAmount < limit;
