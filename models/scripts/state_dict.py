"""Reads a PyTorch state dict (the old format and the zip format) with NumPy alone, running none of its code."""

import collections
import io
import pickle
import struct
import zipfile

import numpy as np

STORAGE_TYPES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


class Storage:
    """The memory behind one or more tensors; its values follow the pickle in the file."""

    def __init__(self, dtype):
        self.dtype = np.dtype(dtype)
        self.values = None


class StridedView:
    """A tensor as the pickle describes it: a storage, an offset, a shape and strides, all counted in elements."""

    def __init__(self, storage, offset, shape, strides, *_):
        self.storage, self.offset, self.shape, self.strides = storage, offset, tuple(shape), tuple(strides)

    def array(self):
        values = self.storage.values[self.offset :]
        strides = [step * self.storage.dtype.itemsize for step in self.strides]
        return np.lib.stride_tricks.as_strided(values, self.shape, strides).copy()


class TensorsOnly(pickle.Unpickler):
    """Knows tensors, parameters and ordered dictionaries; refuses everything else."""

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if name in ("_rebuild_tensor_v2", "_rebuild_tensor"):
            return StridedView
        if name == "_rebuild_parameter":
            return lambda tensor, *_: tensor
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module.startswith("torch") and name in STORAGE_TYPES:
            return STORAGE_TYPES[name]
        raise pickle.UnpicklingError(f"the state dict asks for {module}.{name}, which is not a tensor")

    def persistent_load(self, reference):
        kind, dtype, key = reference[:3]
        assert kind == "storage", kind
        return self.storages.setdefault(key, Storage(dtype))


def load(path):
    """Returns parameter name → array."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(data))
        folder = next(name for name in archive.namelist() if name.endswith("/data.pkl")).removesuffix("data.pkl")
        reader = TensorsOnly(io.BytesIO(archive.read(folder + "data.pkl")))
        state = reader.load()
        for key, storage in reader.storages.items():
            storage.values = np.frombuffer(archive.read(f"{folder}data/{key}"), storage.dtype)
    else:
        stream = io.BytesIO(data)
        # Magic number, protocol version and a description of the machine that wrote the file.
        for _ in range(3):
            TensorsOnly(stream).load()
        reader = TensorsOnly(stream)
        state = reader.load()
        for key in TensorsOnly(stream).load():
            storage = reader.storages[key]
            (count,) = struct.unpack("<q", stream.read(8))
            storage.values = np.frombuffer(stream.read(count * storage.dtype.itemsize), storage.dtype)
    state = state.get("state_dict", state)
    return {name: value.array() for name, value in state.items() if isinstance(value, StridedView)}
