locals {
  名前    = "値"  # 漢字
  é     = "é"  # combining
  flag  = "🇨🇳👩‍👩‍👧" # emoji
  plain = "x"  # x
}
