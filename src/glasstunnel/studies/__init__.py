"""Questions of this field made of fits: iron or tunneling, universality, intrinsic magnetization, echoes."""
