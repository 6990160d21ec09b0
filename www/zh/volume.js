export const text = {
  /** @param {number} slices */
  one: (slices) =>
    `这个网络要一叠 ${slices} 个切片，现在每一个都是这张照片。添加多张图片，就能把它们当作一个体数据来看。`,
  /** @param {number} slices @param {number} pictures */
  many: (slices, pictures) =>
    `这个网络要一叠 ${slices} 个切片，现在每一个都是这张照片。也可以按名称顺序把你的 ${pictures} 张图片当作切片。`,
  /** @param {number} pictures */
  join: (pictures) => `把 ${pictures} 张图片当作一个体数据来看`,
  /** @param {number} slices */
  each: (slices) => `${slices} 张图片按名称顺序就是这个网络要的 ${slices} 个切片。`,
  /** @param {number} slices @param {number} pictures */
  fewer: (slices, pictures) =>
    `${pictures} 张图片按名称顺序分布在这个网络要的 ${slices} 个切片上；有些图片不止是一个切片。`,
  /** @param {number} slices @param {number} pictures */
  more: (slices, pictures) => `这个网络要 ${slices} 个切片：从 ${pictures} 张图片中按名称顺序均匀取出 ${slices} 张。`,
  /** @param {number} pictures @param {string} name */
  flat: (pictures, name) => `这个网络只要一张图片。${pictures} 个切片中它看的是中间那个：${name}。`,
  part: '恢复为单张图片',
  slice: '切片',
  /** @param {number} number from 1 @param {number} of @param {string} name */
  at: (number, of, name) => `第 ${number} 个，共 ${of} 个：${name}`,
  /** @param {number} map @param {number} channel @param {number} number from 1 @param {number} of */
  map: (map, channel, number, of) => `特征图 ${map}：通道 ${channel}，该层 ${of} 个切片中的第 ${number} 个。`,
};
