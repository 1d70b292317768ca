/**
 * Spots a person can be sent to, one kind a line; the reader takes the words before them (`东门`, `3号`, `地下`) along.
 * Longer names first where one contains another.
 */
export const spots = `
地下车库 地下停车场 地下室 地库 车库 停车场 停车位 车位 车棚 自行车棚 充电桩 充电棚 充电柜 道闸 闸机 坡道
电梯厅 电梯口 电梯间 电梯井 电梯 货梯 客梯 号梯 部梯 轿厢
楼道 楼梯间 楼梯口 楼梯 走廊 过道 门厅 大堂 大厅 前室 架空层 设备层 避难层 天台 楼顶 屋顶 屋面 半平台 露台
单元门口 单元门 家门口 门口 大门 正门 侧门 后门 前门 小门 岗亭 门岗 保安亭 传达室 监控室 值班室 物业办公室 前台 服务中心
中心花园 花园 花坛 草坪 绿化带 绿地 人工湖 湖边 喷泉 水池 凉亭 亭子 步道 健身角 健身区 健身器材 健身房 游乐场 滑梯 秋千 沙坑 广场 篮球场 网球场 足球场 羽毛球场 球场 泳池 游泳池 游泳馆 会所 幼儿园 学校
垃圾房 垃圾站 垃圾桶 垃圾中转站 垃圾点 快递柜 快递站 驿站 配电房 配电间 配电室 水泵房 泵房 水箱 弱电井 强电井 水表井 烟道 排烟口 消控室 消防通道 消防栓 人行道 主路 马路 路口 路灯 围墙 围栏 栅栏 井盖
外墙 底商 商铺 超市 饭店 餐馆 火锅店 烧烤店 餐饮店 烧烤摊 夜宵摊 麻将馆 棋牌室 工地 搅拌站
公共区域 公共通道 公共平台 公共部位 安全出口 门洞 公告栏 宣传栏 丰巢柜 减速带 健身路径 空地 顶楼 顶层 排烟井 排水沟 门面 夜宵店 棋牌馆 酒吧 ktv
阳台 厨房 卫生间 洗手间 厕所 客厅 卧室 书房 天花板 吊顶 飘窗 窗台 地漏
`

/** What may stand before a spot and belongs to it, besides numbers, letters and points of the compass. */
export const qualifiers =
  '中央|中心|对面|隔壁|旁边|前面|后面|侧面|一楼|二楼|地面|露天|儿童|消防|单元|小区|外面|里面|入户|公共|公园|地下|室外|室内|左边|右边|左侧|右侧|左手边|右手边'

/** What may follow a spot and says exactly where. */
export const details =
  '入口|出口|门口|旁边|旁|边上|边|里面|里|口|对面|后面|后|前面|前|上面|下面|拐弯处|拐角|顶|外面|外|附近|那边'

/** A number followed by one of these is no room: an amount, a time, a telephone, a count. */
export const notRoom =
  '块|元|毛|度|次|个|人|万|米|平|㎡|m|天|年|月|日|分|点|斤|公斤|瓦|w|kw|小时|票|张|条|只|辆|台|多|页|层|楼|栋|幢|座|单元|号|户人|岁|级|%|倍|秒|周|本|件|家公司|届|路|车|集|#|-\\d|\\.\\d|:\\d|,\\d{3}|克|毫米|厘米|cm|公里|年级|班|区|期|街|弄|国道|医院|热线|急修|办'
