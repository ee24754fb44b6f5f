// Arrays as the kernel sends them.

/** Bytes as a DataView. JupyterLab hands over a DataView; other front ends and a page that was
 *  recorded may have an ArrayBuffer or a typed array such as Uint8Array. */
function view(data) {
  return data instanceof ArrayBuffer ? new DataView(data) : new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/** Bytes as an array of little-endian floats, wherever in their buffer they begin. */
export function floats(data) {
  const from = view(data);
  return Float32Array.from({ length: from.byteLength / 4 }, (_, k) => from.getFloat32(4 * k, true));
}

export function bytes(data) {
  const { buffer, byteOffset, byteLength } = view(data);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
