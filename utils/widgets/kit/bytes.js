// Arrays as the kernel sends them.

/** A DataView as an array of little-endian floats, wherever in its buffer it begins. */
export function floats(view) {
  return Float32Array.from({ length: view.byteLength / 4 }, (_, k) => view.getFloat32(4 * k, true));
}

export function bytes(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
